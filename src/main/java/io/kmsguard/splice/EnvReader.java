// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.splice;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads a container's {@code env} and {@code envFrom}. */
final class EnvReader {

    private EnvReader() {}

    /**
     * The env vars in order.
     *
     * @param path the JSON pointer of the list, with a slash at its end
     */
    static List<EnvVar> env(JsonNode list, String path) {
        var read = new ArrayList<EnvVar>();
        var above = new HashMap<String, EnvValue>();
        for (var i = 0; i < list.size(); i++) {
            var entry = list.get(i);
            var value = value(entry, above);
            var name = WorkloadReader.text(entry, "name");
            above.put(name, value);
            read.add(new EnvVar(name, value, path + i));
        }
        return List.copyOf(read);
    }

    private static EnvValue value(JsonNode entry, Map<String, EnvValue> above) {
        var from = entry.path("valueFrom");
        if (!from.isObject()) {
            return expanded(WorkloadReader.text(entry, "value"), above);
        }
        var secret = from.path("secretKeyRef");
        if (secret.isObject()) {
            return new EnvValue.SecretKey(
                    WorkloadReader.text(secret, "name"),
                    WorkloadReader.text(secret, "key"),
                    secret.path("optional").asBoolean(false));
        }
        var map = from.path("configMapKeyRef");
        if (map.isObject()) {
            return new EnvValue.ConfigMapKey(
                    WorkloadReader.text(map, "name"),
                    WorkloadReader.text(map, "key"),
                    map.path("optional").asBoolean(false));
        }
        return new EnvValue.AtRunTime("a field that only the running pod has");
    }

    /** {@code $(VAR)} from what stands above, {@code $$(VAR)} as itself: Kubernetes' expansion package. */
    private static EnvValue expanded(String text, Map<String, EnvValue> above) {
        if (text.indexOf('$') < 0) {
            return new EnvValue.Literal(text);
        }
        var out = new StringBuilder(text.length());
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            var next = i + 1 < text.length() ? text.charAt(i + 1) : ' ';
            var end = c == '$' && next == '(' ? text.indexOf(')', i + 2) : -1;
            if (c == '$' && next == '$') {
                out.append('$');
                i++;
            } else if (end >= 0) {
                var name = text.substring(i + 2, end);
                var known = above.get(name);
                if (known != null && known.text().isEmpty()) {
                    return new EnvValue.AtRunTime("a text that holds " + known.source());
                }
                out.append(
                        known == null
                                ? text.substring(i, end + 1)
                                : known.text().orElse(""));
                i = end;
            } else {
                out.append(c);
            }
        }
        return new EnvValue.Literal(out.toString());
    }

    static List<EnvFrom> envFrom(JsonNode list) {
        var read = new ArrayList<EnvFrom>();
        for (var entry : list) {
            for (var kind : List.of("configMap", "secret")) {
                var ref = entry.path(kind + "Ref");
                if (ref.isObject()) {
                    read.add(new EnvFrom(
                            kind.equals("secret") ? "Secret" : "ConfigMap",
                            WorkloadReader.text(ref, "name"),
                            WorkloadReader.text(entry, "prefix"),
                            ref.path("optional").asBoolean(false)));
                }
            }
        }
        return List.copyOf(read);
    }
}
