// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.OpenReport.Form;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Asks an API server which APIs of reports it serves. */
final class ReportApis {

    private static final Duration EACH = Duration.ofSeconds(10);

    private final ApiReads api;

    ReportApis(ApiReads api) {
        this.api = api;
    }

    /**
     * What there is.
     *
     * @param served the best first
     * @param odd what is served in another version only, a clause; mostly empty
     * @param trouble why it could not be told, a clause; empty where it could
     */
    record Found(List<Form> served, String odd, String trouble) {

        /** Why there is none to write, a clause. */
        String none() {
            return odd.isEmpty()
                    ? "neither " + Form.OPEN_REPORTS.apiVersion() + " nor " + Form.POLICY_REPORTS.apiVersion()
                            + " is installed"
                    : odd;
        }
    }

    /**
     * Looks. All groups are asked for at once: an API server has no JSON for a group that it does not know, and its 404 could be
     * anybody's.
     */
    Found find() {
        var groups = api.get("apis", Deadline.in(EACH));
        if (!(groups instanceof ApiReads.Answer.Read all)) {
            return trouble(groups, "apis");
        }
        var served = new ArrayList<Form>();
        var odd = new ArrayList<String>();
        for (var form : Form.values()) {
            var versions = versions(all.body(), form);
            if (versions.contains(form.version())) {
                var path = "apis/" + form.apiVersion();
                var resources = api.get(path, Deadline.in(EACH));
                if (!(resources instanceof ApiReads.Answer.Read list)) {
                    return trouble(resources, path);
                }
                if (has(list.body(), form)) {
                    served.add(form);
                }
            } else if (!versions.isEmpty()) {
                odd.add(form.group() + " is served as " + String.join(", ", versions) + " and not as " + form.version()
                        + ", in which reports are written");
            }
        }
        return new Found(List.copyOf(served), String.join(", and ", odd), "");
    }

    private Found trouble(ApiReads.Answer answer, String path) {
        return new Found(
                List.of(),
                "",
                "whether an API of reports is installed could not be told: "
                        + api.why(answer, "get", "/" + path, "of the API server"));
    }

    private static List<String> versions(JsonNode groups, Form form) {
        return groups.path("groups")
                .valueStream()
                .filter(group -> group.path("name").asString("").equals(form.group()))
                .flatMap(group -> group.path("versions").valueStream())
                .map(version -> version.path("version").asString(""))
                .toList();
    }

    private static boolean has(JsonNode resources, Form form) {
        return resources
                .path("resources")
                .valueStream()
                .anyMatch(resource -> resource.path("name").asString("").equals(form.resource()));
    }
}
