// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Writes what the load run over TLS needs: a review to send, and a folder of manifests for {@code serve --manifests}. */
public final class LoadFiles {

    private LoadFiles() {}

    /**
     * Writes {@code review.json} and {@code world/world.json} there.
     *
     * @param args the folder
     */
    public static void main(String[] args) throws IOException {
        var folder = Path.of(args[0]);
        var world = Files.createDirectories(folder.resolve("world"));
        Files.write(folder.resolve("review.json"), BenchReview.of("UPDATE", Guarded.PARTICIPANT, 0));
        var list = BenchReview.JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        var items = list.putArray("items");
        for (JsonNode each : List.of(
                Guarded.PARTICIPANT.deployment(0),
                Guarded.SV_APP.deployment(0),
                BenchWorld.service(),
                BenchWorld.secret())) {
            items.add(each);
        }
        Files.write(world.resolve("world.json"), BenchReview.JSON.writeValueAsBytes(list));
    }
}
