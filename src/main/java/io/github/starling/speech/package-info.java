/**
 * Speech to text with Moonshine, with any kind of attention in its encoder, and sound as it is read
 * for that: 16,000 mono samples a second.
 */
package io.github.starling.speech;
