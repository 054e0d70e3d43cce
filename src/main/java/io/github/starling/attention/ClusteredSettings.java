package io.github.starling.attention;

/**
 * What a kind of clustered attention does.
 *
 * @param options how queries are clustered
 * @param topK k, or 0 for clustered attention without top keys
 * @param isCausal whether members attend to earlier top keys alone
 */
record ClusteredSettings(ClusterOptions options, int topK, boolean isCausal) {}
