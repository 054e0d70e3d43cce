package io.github.starling.transformer;

import io.github.starling.kernel.Profile;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** What Flight Recorder keeps of a layer of an encoder. */
@Name("starling.Layer")
@Label("Layer")
@Category("Starling")
@Description("A layer of an encoder over the packed tokens of a call")
@Enabled(false)
@StackTrace(false)
final class LayerEvent extends Event {
  private static final LayerEvent SWITCH = new LayerEvent();

  @Label("Layer")
  @Description("Which layer, from 0")
  int layer;

  @Label("Sequences")
  int sequences;

  @Label("Tokens")
  @Description("Tokens of all sequences")
  int tokens;

  @Label("Width")
  int width;

  @Label("GFLOP/s")
  @Description("Billions of float32 operations a second, of a thread, outside the attention")
  double gigaflops;

  @Label("Share of Roofline")
  @Description(
      "Least time at the limits of the machine, outside the attention; not a number unless they"
          + " were measured")
  @Percentage
  double roofline;

  @Label("Projection")
  @Description("Queries, keys and values")
  @Timespan
  long projection;

  @Label("Attention")
  @Timespan
  long attention;

  @Label("Output")
  @Description("Output projection of the attention")
  @Timespan
  long output;

  @Label("Feed-Forward")
  @Timespan
  long feedForward;

  @Label("Layer Norm")
  @Description("Both layer norms, with their residuals")
  @Timespan
  long layerNorm;

  /** Tells whether somebody records these events. */
  static boolean isOn() {
    return SWITCH.isEnabled();
  }

  static LayerEvent started() {
    var event = new LayerEvent();
    event.begin();
    return event;
  }

  /** Ends and records, once the times are filled in. */
  void complete(int layer, int sequences, int tokens, int width, Profile.Phase total) {
    end();
    gigaflops = total.gigaflops();
    roofline = total.roofline();
    this.layer = layer;
    this.sequences = sequences;
    this.tokens = tokens;
    this.width = width;
    commit();
  }
}
