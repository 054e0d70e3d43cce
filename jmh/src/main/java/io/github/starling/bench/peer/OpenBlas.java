package io.github.starling.bench.peer;

import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Debian's OpenBLAS through the foreign-function API.
 *
 * <p>OpenBLAS chooses its kernels by the processor when it is loaded. A release that is older than
 * the processor chooses badly, so which kernels it takes is told to it by {@link #CORE_TYPE}.
 */
@SuppressWarnings("restricted") // foreign functions are what this is about
public final class OpenBlas {
  /**
   * System property: the core type to use, such as {@code SKYLAKEX}; empty leaves the choice to
   * OpenBLAS.
   */
  public static final String CORE_TYPE = "starling.bench.openblas";

  private static final String LIBRARY = "libopenblas.so.0";
  private static final Linker LINKER = Linker.nativeLinker();

  // From cblas.h.
  private static final int ROW_MAJOR = 101;
  private static final int AS_IT_IS = 111;
  private static final int TRANSPOSED = 112;

  private final MethodHandle sgemm;
  private final String coreName;

  /**
   * Loads the library.
   *
   * @param threads for each product
   * @throws IllegalArgumentException if there is no OpenBLAS on this machine
   */
  public OpenBlas(int threads) {
    setEnvironment("OPENBLAS_CORETYPE", System.getProperty(CORE_TYPE, ""));
    var library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
    sgemm =
        function(
            library,
            "cblas_sgemm",
            FunctionDescriptor.ofVoid(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_FLOAT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_FLOAT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    var setThreads =
        function(
            library, "openblas_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    var name =
        function(library, "openblas_get_corename", FunctionDescriptor.of(ValueLayout.ADDRESS));
    try {
      setThreads.invokeExact(threads);
      coreName = ((MemorySegment) name.invokeExact()).reinterpret(64).getString(0);
    } catch (Throwable e) { // what a method handle declares
      throw new AssertionError("OpenBLAS throws nothing", e);
    }
  }

  /** The environment of the process, which OpenBLAS reads when it is loaded; empty removes. */
  private static void setEnvironment(String name, String value) {
    var libc = LINKER.defaultLookup();
    var set =
        function(
            libc,
            "setenv",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    var remove =
        function(
            libc, "unsetenv", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try (var arena = Arena.ofConfined()) {
      var key = arena.allocateFrom(name);
      int failure =
          value.isEmpty()
              ? (int) remove.invokeExact(key)
              : (int) set.invokeExact(key, arena.allocateFrom(value), 1);
      assert failure == 0;
    } catch (Throwable e) { // what a method handle declares
      throw new AssertionError("the C library throws nothing", e);
    }
  }

  private static MethodHandle function(
      SymbolLookup library, String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(library.findOrThrow(name), descriptor);
  }

  /** Returns the core type whose kernels it runs. */
  public String coreName() {
    return coreName;
  }

  /**
   * Computes out = A·Wᵀ.
   *
   * @param a shape (m, k), dense
   * @param w shape (n, k), dense
   * @param out shape (m, n), dense
   */
  public void multiply(Matrix a, Matrix w, Matrix out) {
    int m = a.rows();
    int n = w.rows();
    int k = a.columns();
    try {
      sgemm.invokeExact(
          ROW_MAJOR,
          AS_IT_IS,
          TRANSPOSED,
          m,
          n,
          k,
          1f,
          a.data(),
          k,
          w.data(),
          k,
          0f,
          out.data(),
          n);
    } catch (Throwable e) { // what a method handle declares
      throw new AssertionError("OpenBLAS throws nothing", e);
    }
  }
}
