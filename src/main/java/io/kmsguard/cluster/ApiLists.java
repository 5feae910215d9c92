// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Lists of one API server, page by page: no more than a page of full objects is held at a time. */
final class ApiLists {

    /** Small enough that a page of large Deployments does not fill a small heap. */
    private static final int PAGE = 200;

    private final ApiReads api;

    ApiLists(ApiReads api) {
        this.api = api;
    }

    /** Takes the items of a list. */
    interface Items {
        /** Called before the first item; what came before it is void. */
        void begin();

        void take(JsonNode item);
    }

    /**
     * Every item. A list of which the API server forgets how to go on is begun once more.
     *
     * @param selector more of the query, with {@code &} before it
     * @param resource for messages, as is {@code where}
     * @return the resourceVersion of the list; never {@link Lookup.Absent}
     */
    Lookup<String> each(String path, String selector, String resource, String where, Deadline deadline, Items items) {
        return pages(path, selector, resource, where, deadline, items)
                .or(() -> pages(path, selector, resource, where, deadline, items))
                .orElseGet(() -> unread(new ApiReads.Answer.Gone(), path, resource, where));
    }

    /** Empty where the API server has forgotten how to go on. */
    private Optional<Lookup<String>> pages(
            String path, String selector, String resource, String where, Deadline deadline, Items items) {
        items.begin();
        var next = "";
        var version = "";
        do {
            var query = path + "?limit=" + PAGE + selector
                    + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
            if (deadline.hasPassed()) {
                return Optional.of(late(resource, where));
            }
            var answer = api.get(query, deadline);
            if (answer instanceof ApiReads.Answer.Gone && !next.isEmpty()) {
                return Optional.empty();
            }
            var page = page(answer, query, resource, where);
            if (!(page instanceof Lookup.Found<JsonNode> found)) {
                return Optional.of(page.map(none -> ""));
            }
            found.value().path("items").forEach(items::take);
            var metadata = found.value().path("metadata");
            version = metadata.path("resourceVersion").asString("");
            next = metadata.path("continue").asString("");
        } while (!next.isEmpty());
        return Optional.of(Lookup.found(version));
    }

    /** One page; never {@link Lookup.Absent}. */
    Lookup<JsonNode> page(String path, String resource, String where, Deadline deadline) {
        return deadline.hasPassed() ? late(resource, where) : page(api.get(path, deadline), path, resource, where);
    }

    private static <T> Lookup<T> late(String resource, String where) {
        return Lookup.unknown(unlisted(resource, where) + "the deadline of this review came first");
    }

    private static String unlisted(String resource, String where) {
        return resource + " " + where + " could not be listed: ";
    }

    private Lookup<JsonNode> page(ApiReads.Answer answer, String path, String resource, String where) {
        if (answer instanceof ApiReads.Answer.Read read) {
            return read.body().path("items").isArray()
                    ? Lookup.found(read.body())
                    : Lookup.unknown(unlisted(resource, where) + "what the API server sent is no list");
        }
        return unread(answer, path, resource, where);
    }

    private <T> Lookup<T> unread(ApiReads.Answer answer, String path, String resource, String where) {
        return Lookup.unknown(unlisted(resource, where)
                + (answer instanceof ApiReads.Answer.Absent
                        ? "the API server does not know /" + path.substring(0, path.indexOf('?')) + " (404)"
                        : api.why(answer, "list", resource, where)));
    }
}
