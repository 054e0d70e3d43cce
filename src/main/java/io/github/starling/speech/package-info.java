/** Speech: sound as the models hear it, 16,000 mono samples a second. */
package io.github.starling.speech;
