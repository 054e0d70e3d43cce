/** Model files: JSON, safetensors, ONNX import and the Hugging Face model folder. */
package io.github.starling.model;
