/** Exact and clustered attention over heads of off-heap matrices. */
package io.github.starling.attention;
