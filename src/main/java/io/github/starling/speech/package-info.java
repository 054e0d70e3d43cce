/** Speech recognition with Moonshine, with any kind of attention in its encoder. */
package io.github.starling.speech;
