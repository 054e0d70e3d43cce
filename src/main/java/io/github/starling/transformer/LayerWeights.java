package io.github.starling.transformer;

import io.github.starling.kernel.LayerNorm;
import io.github.starling.model.Activation;

/**
 * The weights of one layer of an encoder.
 *
 * @param projections of queries, keys and values: out = 3d, in = d
 * @param output projection of the attention, (d, d)
 * @param attentionNorm layer norm after the attention
 * @param widen first feed-forward product, (intermediate, d)
 * @param activation between the two
 * @param narrow second feed-forward product, (d, intermediate)
 * @param norm layer norm after the feed-forward; with the norm first, that of the next layer
 */
public record LayerWeights(
    Dense projections,
    Dense output,
    LayerNorm attentionNorm,
    Dense widen,
    Activation activation,
    Dense narrow,
    LayerNorm norm) {}
