/** The BERT-family text encoder and the embeddings that it makes, with any kind of attention. */
package io.github.starling.encoder;
