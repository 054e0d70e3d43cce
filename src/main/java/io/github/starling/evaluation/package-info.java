/** What an approximation of attention costs: data sets, scores and their uncertainty. */
package io.github.starling.evaluation;
