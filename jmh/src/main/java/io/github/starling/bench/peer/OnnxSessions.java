package io.github.starling.bench.peer;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

/** Sessions of ONNX Runtime at its best: all optimisations, as many threads as ours. */
final class OnnxSessions {
  private OnnxSessions() {}

  static OrtSession open(byte[] model, int threads) throws OrtException {
    try (var options = options(threads)) {
      return OrtEnvironment.getEnvironment().createSession(model, options);
    }
  }

  static OrtSession open(String path, int threads) throws OrtException {
    try (var options = options(threads)) {
      return OrtEnvironment.getEnvironment().createSession(path, options);
    }
  }

  private static OrtSession.SessionOptions options(int threads) throws OrtException {
    var options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(OptLevel.ALL_OPT);
    return options;
  }
}
