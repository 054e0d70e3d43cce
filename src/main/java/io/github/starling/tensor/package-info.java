/** Strided float32 views of off-heap memory that the caller's arena owns. */
package io.github.starling.tensor;
