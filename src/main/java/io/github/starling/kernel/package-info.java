/** Vector API kernels over off-heap matrices; the only package that uses the Vector API. */
package io.github.starling.kernel;
