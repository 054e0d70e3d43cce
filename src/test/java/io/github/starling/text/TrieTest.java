package io.github.starling.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrieTest {
  @Test
  void holdsWhatAHashMapHolds() {
    long seed = 7;
    var random = new SplittableRandom(seed);
    var trie = new Trie();
    var map = new HashMap<String, Integer>();
    for (int i = 0; i < 20_000; i++) {
      String key = randomKey(random);
      trie.put(key, i);
      map.put(key, i);
    }
    for (int i = 0; i < 20_000; i++) {
      String key = randomKey(random);
      assertEquals(map.getOrDefault(key, Trie.NONE), trie.get(key), "seed " + seed + ": " + key);
    }
    map.forEach((key, value) -> assertEquals(value, trie.get(key), "seed " + seed + ": " + key));
  }

  private static String randomKey(SplittableRandom random) {
    var key = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      key.append((char) (random.nextInt(9) * 0x1C71));
    }
    return key.toString();
  }

  @Test
  void aPrefixIsNoMember() {
    var trie = new Trie();
    trie.put("starling", 3);
    assertEquals(Trie.NONE, trie.get("star"));
    assertEquals(Trie.NONE, trie.get("starlings"));
    assertEquals(Trie.NONE, trie.get(""));
    assertEquals(3, trie.get("starling"));
  }
}
