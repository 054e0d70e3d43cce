package io.github.starling.speech;

import java.util.Arrays;

/**
 * Brings sound of any rate to the 16,000 samples a second that speech models read.
 *
 * <p>A polyphase low-pass filter of linear phase: sample {@code j} of the output is the sound at
 * {@code j / 16,000} seconds. Up to 90 % of half the lower rate (7,200 Hz, if the input has more
 * than 16,000 samples a second) amplitudes change by less than 0.01 dB; what lies above half the
 * lower rate and would come back as another tone is attenuated by 80 dB at least. Before and after
 * the clip there is silence. At 16,000 Hz the output is the input, bit for bit. {@code n} samples
 * become ⌈16,000 n / rate⌉.
 *
 * <p>Takes the input in blocks of any size, which make no difference to the output, in linear time.
 * Not safe for use by several threads at once.
 */
public final class Resampler {
  /** Samples a second of the output. */
  public static final int RATE = 16_000;

  /** Fewest samples a second that the input may have. */
  public static final int LOWEST_RATE = 1_000;

  /** Most samples a second that the input may have. */
  public static final int HIGHEST_RATE = 768_000;

  private static final int BLOCK = 8_192;
  private static final int LONGEST = Integer.MAX_VALUE - 8;

  /** The output has {@code up} samples where the input has {@code down}. */
  private final int up;

  private final int down;

  /** Null where nothing is to be done. */
  private final ResamplingFilter filter;

  /** The input that is still needed. */
  private final float[] held;

  private int heldCount;

  /** Which sample of the input the first that is held is; negative for the silence before. */
  private long heldFrom;

  private float[] out;
  private int outCount;

  /**
   * Designs the filter for a rate.
   *
   * @param rate samples a second of the input, 1,000 to 768,000
   * @param expected input samples for which to make room; there may be more or fewer
   * @throws IllegalArgumentException if the rate is out of range, or the expected samples are
   *     negative or become more than an array can hold
   */
  public Resampler(int rate, long expected) {
    checkRate(rate);
    if (expected < 0) {
      throw new IllegalArgumentException("expected samples must not be negative: " + expected);
    }
    int divisor = gcd(RATE, rate);
    up = RATE / divisor;
    down = rate / divisor;
    out = new float[fit(length(expected))];
    filter = up == down ? null : new ResamplingFilter(rate, RATE, up);
    held = new float[filter == null ? 0 : filter.taps() + BLOCK];
    if (filter != null) {
      heldCount = filter.half() - 1;
      heldFrom = -heldCount;
    }
  }

  /**
   * Brings a whole clip to 16,000 samples a second.
   *
   * @param samples mono samples
   * @param rate their number a second, 1,000 to 768,000
   * @return a new array
   * @throws IllegalArgumentException if the rate is out of range
   */
  public static float[] resample(float[] samples, int rate) {
    var resampler = new Resampler(rate, samples.length);
    resampler.add(samples, 0, samples.length);
    return resampler.finish();
  }

  static void checkRate(int rate) {
    if (rate < LOWEST_RATE || rate > HIGHEST_RATE) {
      throw new IllegalArgumentException(
          "the rate must be %d to %d samples a second, not %d"
              .formatted(LOWEST_RATE, HIGHEST_RATE, rate));
    }
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  private long length(long samples) {
    return Math.ceilDiv(Math.multiplyExact(samples, (long) up), down);
  }

  /**
   * Takes the next samples of the input.
   *
   * @param samples finite samples, of which those from {@code from} to {@code to - 1} are taken
   * @param from the first
   * @param to the first that is left
   */
  public void add(float[] samples, int from, int to) {
    if (filter == null) {
      reserve(to - from);
      System.arraycopy(samples, from, out, outCount, to - from);
      outCount += to - from;
      return;
    }
    for (int at = from; at < to; ) {
      int count = Math.min(to - at, held.length - heldCount);
      System.arraycopy(samples, at, held, heldCount, count);
      heldCount += count;
      at += count;
      produce();
    }
  }

  /**
   * Returns the output for all that was added; nothing may be added later.
   *
   * @return the array that the samples were gathered in, if they fill it, else a copy
   */
  public float[] finish() {
    if (filter != null) {
      var silence = new float[filter.half()];
      add(silence, 0, silence.length);
    }
    return outCount == out.length ? out : Arrays.copyOf(out, outCount);
  }

  /** Makes all output samples whose input is there, and forgets the input that no other needs. */
  private void produce() {
    long center = center();
    while (center + filter.half() < heldFrom + heldCount) {
      int first = (int) (center - filter.half() + 1 - heldFrom);
      int place = (int) ((long) outCount * down % up);
      reserve(1);
      out[outCount] = filter.apply(held, first, place);
      outCount++;
      center = center();
    }
    int drop = (int) Math.min(heldCount, center - filter.half() + 1 - heldFrom);
    System.arraycopy(held, drop, held, 0, heldCount - drop);
    heldCount -= drop;
    heldFrom += drop;
  }

  /** The input sample at or before the next output sample. */
  private long center() {
    return (long) outCount * down / up;
  }

  private void reserve(int count) {
    long needed = (long) outCount + count;
    if (needed > out.length) {
      int roomy = (int) Math.min(LONGEST, BLOCK + out.length * 3L / 2);
      out = Arrays.copyOf(out, Math.max(fit(needed), roomy));
    }
  }

  private static int fit(long length) {
    if (length > LONGEST) {
      throw new IllegalArgumentException(
          "a clip must be shorter than %d hours".formatted(LONGEST / RATE / 3600));
    }
    return (int) length;
  }
}
