// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import io.kmsguard.admission.ManifestFiles;
import io.kmsguard.cli.Reported.Entry;
import io.kmsguard.cli.Reported.Trouble;
import io.kmsguard.policy.Finding;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.databind.node.ObjectNode;

/** Where a finding is, in SARIF's terms: a line of a file, and a value of an object. */
final class SarifLocations {

    /** What relative names are relative to. Code scanning takes it for the root of the repository. */
    static final String ROOT = "%SRCROOT%";

    private final Path root;

    /**
     * Locations that are told relative to a folder, where they are in it.
     *
     * @param root where relative names start; absolute
     */
    SarifLocations(Path root) {
        this.root = root.normalize();
    }

    /** In a cluster there is no file, and the object's name is all. */
    ObjectNode of(Entry entry, Finding finding) {
        var ref = entry.ref();
        var location = entry.source()
                .map(source -> physical(source.file(), source.lines().line(finding.path())))
                .orElseGet(PrettyJson::object);
        location.putArray("logicalLocations")
                .addObject()
                .put("name", ref.name())
                .put("fullyQualifiedName", ref.namespace() + "/" + ref.kind() + "/" + ref.name() + finding.path())
                .put("kind", "resource");
        return location;
    }

    /** Empty in a cluster. */
    Optional<ObjectNode> of(Trouble trouble) {
        return trouble.file().map(file -> physical(file, trouble.line()));
    }

    private ObjectNode physical(String file, int line) {
        var location = PrettyJson.object();
        var physical = location.putObject("physicalLocation");
        artifact(physical.putObject("artifactLocation"), file);
        if (line > 0) {
            physical.putObject("region").put("startLine", line);
        }
        return location;
    }

    /** A file below the root by its relative name; any other one by its absolute name, since it belongs to no repository. */
    private void artifact(ObjectNode artifact, String file) {
        if (file.equals(ManifestFiles.STANDARD_INPUT)) {
            artifact.put("uri", "stdin");
            return;
        }
        try {
            var path = root.resolve(file).normalize();
            if (path.startsWith(root) && !path.equals(root)) {
                artifact.put("uri", relative(root.relativize(path))).put("uriBaseId", ROOT);
            } else {
                artifact.put("uri", path.toUri().toASCIIString());
            }
        } catch (InvalidPathException noName) {
            artifact.put("uri", encoded(file));
        }
    }

    private static String relative(Path path) {
        return StreamSupport.stream(path.spliterator(), false)
                .map(part -> encoded(part.toString()))
                .collect(Collectors.joining("/"));
    }

    /** One part of a path; a colon too, since in the first part it would end a scheme. */
    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
