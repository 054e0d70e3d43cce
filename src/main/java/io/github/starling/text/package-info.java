/**
 * BERT's and RoBERTa's tokenizers: from text to the ids that Hugging Face's {@code tokenizers}
 * gives.
 */
package io.github.starling.text;
