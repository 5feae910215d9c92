// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Lists of one API server, page by page: no more than a page of full objects is held at a time. */
final class ApiLists {

    /** Small enough that a page of large Deployments does not fill a small heap. */
    private static final int PAGE = 200;

    private final ApiReads api;

    ApiLists(ApiReads api) {
        this.api = api;
    }

    /**
     * Every item.
     *
     * @param selector more of the query, with {@code &} before it
     * @param resource for messages, as is {@code where}
     * @return the resourceVersion of the list; never {@link Lookup.Absent}
     */
    Lookup<String> each(
            String path, String selector, String resource, String where, Deadline deadline, Consumer<JsonNode> item) {
        var next = "";
        var version = "";
        do {
            var query = "?limit=" + PAGE + selector
                    + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
            var page = page(path + query, resource, where, deadline);
            if (!(page instanceof Lookup.Found<JsonNode> found)) {
                return page.map(none -> "");
            }
            found.value().path("items").forEach(item);
            var metadata = found.value().path("metadata");
            version = metadata.path("resourceVersion").asString("");
            next = metadata.path("continue").asString("");
        } while (!next.isEmpty());
        return Lookup.found(version);
    }

    /** One page; never {@link Lookup.Absent}. */
    Lookup<JsonNode> page(String path, String resource, String where, Deadline deadline) {
        var what = resource + " " + where + " could not be listed: ";
        if (deadline.hasPassed()) {
            return Lookup.unknown(what + "the deadline of this review came first");
        }
        var answer = api.get(path, deadline);
        if (answer instanceof ApiReads.Answer.Read read) {
            return read.body().path("items").isArray()
                    ? Lookup.found(read.body())
                    : Lookup.unknown(what + "what the API server sent is no list");
        }
        return Lookup.unknown(what
                + (answer instanceof ApiReads.Answer.Absent
                        ? "the API server does not know /" + path.substring(0, path.indexOf('?')) + " (404)"
                        : api.why(answer, "list", resource, where)));
    }
}
