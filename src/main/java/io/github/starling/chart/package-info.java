/** Charts as SVG files, for the pages that the commands write. */
package io.github.starling.chart;
