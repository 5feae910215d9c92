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

/** Texts of manifests before and after additions, with line breaks of both kinds. */
final class CompletedText {

    static final String POD = "/spec/template/spec";
    static final String ENV = POD + "/containers/0/env";
    static final String MOUNTS = POD + "/containers/0/volumeMounts";
    static final String VOLUMES = POD + "/volumes";

    static final PatchOperation ADD_ENV =
            new PatchOperation(ENV + "/-", new TreeMap<>(Map.of("name", "NEW", "value", "yes")));
    static final PatchOperation ADD_MOUNT = new PatchOperation(MOUNTS + "/-", Map.of("name", "new"));
    static final PatchOperation ADD_VOLUME = new PatchOperation(
            VOLUMES + "/-", new TreeMap<>(Map.of("name", "new", "secret", Map.of("secretName", "s"))));

    static PatchOperation list(String path) {
        return new PatchOperation(path, List.of());
    }

    static Completing complete(String text, PatchOperation... operations) {
        var manifests = ManifestText.read("in.yaml", text);
        var additions = new IdentityHashMap<Manifest, List<PatchOperation>>();
        manifests.manifests().stream()
                .filter(ManifestSurroundings::isWorkload)
                .forEach(manifest -> additions.put(manifest, List.of(operations)));
        return manifests.complete(additions);
    }

    static void becomes(String before, String after, PatchOperation... operations) {
        assertThat(complete(before, operations)).isEqualTo(new Completing.Done(after));
        assertThat(complete(before.replace("\n", "\r\n"), operations))
                .isEqualTo(new Completing.Done(after.replace("\n", "\r\n")));
    }

    /** What a text becomes where a line that starts with {@code +} is what was added. */
    static void adds(String marked, PatchOperation... operations) {
        var before = new ArrayList<String>();
        var after = new ArrayList<String>();
        marked.lines().forEach(line -> {
            if (!line.startsWith("+")) {
                before.add(line);
            }
            after.add(line.startsWith("+") ? line.substring(1) : line);
        });
        becomes(String.join("\n", before) + "\n", String.join("\n", after) + "\n", operations);
    }

    static void refuses(String text, int line, String message, PatchOperation... operations) {
        assertThat(complete(text, operations))
                .isEqualTo(new Completing.Refused(List.of(new ManifestProblem("in.yaml", line, message))));
    }

    static final String HEAD = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: a}
            spec:
              template:
                spec:
            """;

    private CompletedText() {}
}
