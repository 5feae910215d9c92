// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@code kubectl create secret generic} as the guide and the guard's messages write it, done as a shell, jq and kubectl
 * would do it.
 */
record MendingCommand(String text) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern IN_A_FIX = Pattern.compile(
            "kubectl -n \\S+ create secret generic .*? --dry-run=client -o yaml(?= \\| kubectl apply -f -)");
    private static final Pattern CREATE = Pattern.compile("kubectl (-n|create secret --namespace) (?<namespace>\\S+)"
            + " (create secret )?generic (?<name>\\S+)(?<literals>( --from-literal=[a-zA-Z]+=\"\\$\\([^)]*\\)\")+)"
            + "( --dry-run=client -o yaml)?");
    private static final Pattern LITERAL = Pattern.compile(
            "--from-literal=(?<key>[a-zA-Z]+)=\"\\$\\(jq -r (?<quote>'?)(?<filter>[^ ']+)\\k<quote> \\S+\\)\"");

    /** The one that a message or a report names. */
    static MendingCommand in(String fix) {
        var matcher = IN_A_FIX.matcher(fix);
        if (!matcher.find()) {
            throw new AssertionError("no command in: " + fix);
        }
        return new MendingCommand(matcher.group());
    }

    /** The manifest of the Secret that it stores, with that text in the file that jq reads. */
    String run(String file) {
        var create = CREATE.matcher(text);
        if (!create.matches()) {
            throw new AssertionError("not understood: " + text);
        }
        var secret = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
        secret.putObject("metadata").put("name", create.group("name")).put("namespace", create.group("namespace"));
        var data = secret.putObject("data");
        LITERAL.matcher(create.group("literals"))
                .results()
                .forEach(literal -> data.put(
                        literal.group(1),
                        Base64.getEncoder()
                                .encodeToString(jq(literal.group(3), file).getBytes(StandardCharsets.UTF_8))));
        return secret.toString();
    }

    /** {@code jq -r} of a field, or of the first of several that is there; the shell takes off the line's end. */
    private static String jq(String filter, String file) {
        var fields = List.of(filter.split("//"));
        var root = JSON.readTree(file);
        return fields.stream()
                .map(field -> root.path(field.substring(1)))
                .filter(node -> node.isString())
                .map(node -> node.stringValue())
                .findFirst()
                .orElse("null");
    }
}
