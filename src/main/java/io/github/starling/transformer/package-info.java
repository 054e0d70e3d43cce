/**
 * What Transformers of text and of speech have in common: layers, their weights and their memory.
 */
package io.github.starling.transformer;
