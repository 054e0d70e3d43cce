/**
 * The algorithms of clustered attention, each a direct transcription of its formula.
 *
 * <p>This package is to be read, and to be the oracle of every test: double precision, arrays of
 * rows, no trick for speed. Read it in this order:
 *
 * <ol>
 *   <li>{@link io.github.starling.reference.Softmax} turns scores into weights.
 *   <li>{@link io.github.starling.reference.FullAttention} gives every query its own weights.
 *   <li>{@link io.github.starling.reference.Signatures} turns a query into a word of bits.
 *   <li>{@link io.github.starling.reference.HammingKMeans} groups queries by those words into a
 *       {@link io.github.starling.reference.Clustering}.
 *   <li>{@link io.github.starling.reference.ClusteredAttention} gives every cluster weights.
 *   <li>{@link io.github.starling.reference.ImprovedClusteredAttention} gives a query its own
 *       weights where most of the weight lies.
 *   <li>{@link io.github.starling.reference.OracleTopKAttention} is what knowing the best keys of
 *       each query would give.
 *   <li>{@link io.github.starling.reference.CausalAttention}, {@link
 *       io.github.starling.reference.CausalImprovedClusteredAttention} and {@link
 *       io.github.starling.reference.LocalAttention} hide keys by their position.
 *   <li>{@link io.github.starling.reference.SharedQkAttention} takes the queries for keys, {@link
 *       io.github.starling.reference.AngularHash} finds those that are near each other, and {@link
 *       io.github.starling.reference.ReformerAttention} attends to those.
 * </ol>
 *
 * <p>Letters: n queries of width dk, m keys of width dk, m values of width dv, c clusters, b bits,
 * k top keys, τ the scale of the scores. Everything here is one head of one sequence without
 * padding: a caller with padding leaves the padded rows out.
 *
 * <p>Two conventions hold in every kind of attention. Without keys (m = 0) an output row is zeros.
 * A query that holds a NaN or an infinity, or a NaN score, gives that query an output row of NaN
 * and leaves the other rows alone.
 *
 * <p>Nothing is copied on the way in: arrays belong to the caller, who must not change them while a
 * {@link io.github.starling.reference.Head} or {@link io.github.starling.reference.Clustering} that
 * holds them is in use. What a method returns is new.
 */
package io.github.starling.reference;
