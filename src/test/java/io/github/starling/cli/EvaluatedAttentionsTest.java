package io.github.starling.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.starling.attention.Attention;
import io.github.starling.attention.ClusterOptions;
import io.github.starling.attention.Head;
import io.github.starling.attention.ImprovedClusteredAttention;
import io.github.starling.attention.RefinedClusteredAttention;
import io.github.starling.attention.RefinedOptions;
import io.github.starling.kernel.Workers;
import io.github.starling.tensor.Matrix;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluatedAttentionsTest {
  private static final List<AttentionKind> KINDS =
      List.of(
          AttentionKind.FULL,
          AttentionKind.IMPROVED_CLUSTERED,
          AttentionKind.REFINED_CLUSTERED,
          AttentionKind.LOCAL);

  private static List<String> variants(TaskKind task, List<Integer> clusters, boolean onRuns) {
    return new EvaluatedAttentions(KINDS, clusters, 32, null, 0.1, 2, onRuns)
        .variants(task).stream().map(v -> v.kind() + " " + v.clusters() + " " + v.seed()).toList();
  }

  @Test
  void exactAttentionComesFirstAndRandomKindsHaveAllSeeds() {
    assertEquals(
        List.of(
            "full 0 0",
            "improved-clustered 5 0",
            "improved-clustered 7 0",
            "refined-clustered 5 0",
            "refined-clustered 7 0",
            "local 0 0",
            "improved-clustered 5 1",
            "improved-clustered 7 1"),
        variants(TaskKind.STS, List.of(5, 7), false));
  }

  @Test
  void runsAreNotRandomAndTheirKindSaysSo() {
    assertEquals(
        List.of("full 0 0", "improved-clustered-runs 5 0", "refined-clustered 5 0", "local 0 0"),
        variants(TaskKind.STS, List.of(5), true));
    var attentions = new EvaluatedAttentions(KINDS, List.of(5), 32, null, 0.1, 2, true);
    var heads = attentions.headVariant(TaskKind.QA);
    assertEquals("improved-clustered, 25 clusters", heads.group());
  }

  @Test
  void eachKindIsMadeWithTheSettingsOfItsTask() {
    same(
        new ImprovedClusteredAttention(ClusterOptions.of(3).withRuns(), 4),
        variant(AttentionKind.IMPROVED_CLUSTERED, TaskKind.ASR, true));
    same(
        new ImprovedClusteredAttention(ClusterOptions.of(3), 4),
        variant(AttentionKind.IMPROVED_CLUSTERED, TaskKind.ASR, false));
    for (var task : List.of(TaskKind.ASR, TaskKind.QA)) {
      same(
          new RefinedClusteredAttention(EvaluatedAttentions.refined(task, 3)),
          variant(AttentionKind.REFINED_CLUSTERED, task, true));
    }
  }

  @Test
  void exactKeysThatAreGivenAreInTheName() {
    var given = new EvaluatedAttentions(KINDS, List.of(3), 4, 20, 0.1, 1, false);
    var variant = given.variants(TaskKind.QA).get(2);
    assertEquals("refined-clustered-20, 3 clusters", variant.group());
    same(new RefinedClusteredAttention(new RefinedOptions(3, 20, 8)), variant.attention());
    assertEquals("local", given.variants(TaskKind.QA).get(3).group());
  }

  private static Attention variant(AttentionKind kind, TaskKind task, boolean onRuns) {
    return new EvaluatedAttentions(List.of(kind), List.of(3), 4, null, 0.1, 1, onRuns)
        .variants(task)
        .get(1)
        .attention();
  }

  private static void same(Attention expected, Attention found) {
    assertArrayEquals(attend(expected), attend(found));
  }

  /** Attends from random queries to random keys. */
  private static float[][] attend(Attention attention) {
    var random = new Random(1);
    var arena = Arena.ofAuto();
    var inputs = new Matrix[3];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Matrix.allocate(arena, 60, 8);
      for (int row = 0; row < 60; row++) {
        for (int column = 0; column < 8; column++) {
          inputs[i].set(row, column, (float) random.nextGaussian());
        }
      }
    }
    var out = Matrix.allocate(arena, 60, 8);
    try (var workers = new Workers(1)) {
      attention.attend(List.of(new Head(inputs[0], inputs[1], inputs[2], out)), 0.4, workers);
    }
    return out.toArray();
  }

  @Test
  void speechHasMoreClustersUnlessTheyAreGiven() {
    var attentions =
        new EvaluatedAttentions(List.of(AttentionKind.CLUSTERED), null, 32, null, 0.1, 1, false);
    assertEquals(List.of(0, 25, 50, 100, 200), clusters(attentions, TaskKind.ASR));
    assertEquals(List.of(0, 10, 25, 50, 100), clusters(attentions, TaskKind.MLM));
  }

  private static List<Integer> clusters(EvaluatedAttentions attentions, TaskKind task) {
    return attentions.variants(task).stream().map(v -> v.clusters()).toList();
  }

  @Test
  void refinedAttentionHasItsOwnKeysAndWindowForSpeech() {
    assertEquals(new RefinedOptions(16, 96, 8), EvaluatedAttentions.refined(TaskKind.QA, 16));
    assertEquals(new RefinedOptions(16, 48, 16), EvaluatedAttentions.refined(TaskKind.ASR, 16));
    assertEquals(new RefinedOptions(30, 48, 16), EvaluatedAttentions.refined(TaskKind.ASR, 30));
    assertEquals(new RefinedOptions(100, 112, 16), EvaluatedAttentions.refined(TaskKind.ASR, 100));
  }
}
