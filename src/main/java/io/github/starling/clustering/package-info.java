/** Signatures of queries, and K-means over them in Hamming space. */
package io.github.starling.clustering;
