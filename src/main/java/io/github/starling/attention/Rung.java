package io.github.starling.attention;

/**
 * Settings of refined clustered attention and what they were measured to bring.
 *
 * @param width columns of queries, keys and values
 * @param length n, of queries and of keys
 * @param options C, b and w
 * @param error relative error of a layer, the mean over layers
 * @param time as a share of exact attention's
 */
record Rung(int width, int length, RefinedOptions options, double error, double time) {}
