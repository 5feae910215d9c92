// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kmsguard.admission.ManifestText.Completing;
import io.kmsguard.injection.PatchOperation;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Whatever a text looks like: what is written into it is the patch, and the rest is as it was. */
class ManifestTextPropertiesTest {

    private static final int TEXTS = 25;

    static LongStream seeds() {
        var replay = Long.getLong("seed");
        return replay == null ? LongStream.range(0, 60) : LongStream.of(replay);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private static ManifestText read(String text) {
        var read = ManifestText.read("in.yaml", text);
        assertThat(read.unreadable()).as(text).isEmpty();
        return read;
    }

    private static List<PatchOperation> operations(RandomGenerator random, JsonNode deployment) {
        var operations = new ArrayList<PatchOperation>();
        for (var list : OddManifests.lists(random, deployment)) {
            if (!deployment.at(list).isArray()) {
                operations.add(new PatchOperation(list, List.of()));
            }
            for (var i = random.nextInt(2); i >= 0; i--) {
                var entry = new TreeMap<String, Object>(
                        Map.of("name", "ADDED_" + i, "ref", new TreeMap<>(Map.of("key", "no", "optional", false))));
                operations.add(new PatchOperation(list + "/-", entry));
            }
        }
        return operations;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void where_nothing_is_added_nothing_changes(long seed) {
        var random = random(seed);
        for (var i = 0; i < TEXTS; i++) {
            var text = OddManifests.text(random);
            var read = read(text);
            assertThat(read.complete(new IdentityHashMap<>())).isEqualTo(new Completing.Done(text));
            var nothing = new IdentityHashMap<Manifest, List<PatchOperation>>();
            read.manifests().forEach(manifest -> nothing.put(manifest, List.of()));
            assertThat(read.complete(nothing)).isEqualTo(new Completing.Done(text));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void what_is_added_is_the_patch_and_the_rest_is_as_it_was(long seed) {
        var random = random(seed);
        for (var i = 0; i < TEXTS; i++) {
            var text = OddManifests.text(random);
            var read = read(text);
            var additions = new IdentityHashMap<Manifest, List<PatchOperation>>();
            var wanted = new ArrayList<JsonNode>();
            for (var manifest : read.manifests()) {
                var operations = manifest.kind().equals("Deployment") && random.nextInt(4) > 0
                        ? operations(random, manifest.object())
                        : List.<PatchOperation>of();
                if (!operations.isEmpty()) {
                    additions.put(manifest, operations);
                }
                wanted.add(Patches.apply(manifest.object(), operations));
            }
            var completing = read.complete(additions);
            if (!(completing instanceof Completing.Done done)) {
                // A block of text that no line break ends cannot be followed by anything.
                assertThat(text).as("%s", completing).doesNotEndWith("\n");
                continue;
            }
            assertThat(ManifestText.read("out.yaml", done.text()).manifests())
                    .as(done.text())
                    .extracting(Manifest::object)
                    .isEqualTo(wanted);
            assertThat(rest(text, done.text()))
                    .as("%s became %s", text, done.text())
                    .isEmpty();
        }
    }

    /** What of the text is missing in another one, which may have more; a null that became a list may be missing. */
    private static String rest(String text, String longer) {
        var at = 0;
        for (var i = 0; i < longer.length() && at < text.length(); i++) {
            for (var nothing : List.of("null", "~")) {
                if (longer.charAt(i) == '[' && text.startsWith(nothing, at)) {
                    at += nothing.length();
                }
            }
            if (at < text.length() && text.charAt(at) == longer.charAt(i)) {
                at++;
            }
        }
        return text.substring(at);
    }
}
