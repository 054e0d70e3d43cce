package io.github.starling.bench.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript module without weights.
 *
 * <p>DJL has no method for fused attention, but it runs TorchScript, and a module that holds no
 * tensors is a short piece of code beside two short pickles.
 */
public final class TorchScript {
  private static final String CODE =
      """
      class Attention(Module):
        __parameters__ = []
        __buffers__ = []
        training : bool
        def forward(self: __torch__.Attention,
          q: Tensor,
          k: Tensor,
          v: Tensor) -> Tensor:
          return torch.scaled_dot_product_attention(q, k, v)
      """;

  /** The pickle, protocol 2, of {@code __torch__.Attention} with {@code training = False}. */
  private static final String MODULE =
      "\u0080\u0002c__torch__\nAttention\n)\u0081}(X\u0008\0\0\0training\u0089ub.";

  /** The pickle of an empty tuple. */
  private static final String CONSTANTS = "\u0080\u0002).";

  private TorchScript() {}

  /** Writes PyTorch's scaled_dot_product_attention of three arguments. */
  public static void writeAttention(Path file) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      add(zip, "data.pkl", MODULE);
      add(zip, "code/__torch__.py", CODE);
      add(zip, "constants.pkl", CONSTANTS);
      add(zip, "version", "3\n");
    }
  }

  /** PyTorch reads entries that are stored, not deflated. */
  private static void add(ZipOutputStream zip, String name, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    var crc = new CRC32();
    crc.update(bytes);
    var entry = new ZipEntry("attention/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
