// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.Deadline;
import io.kmsguard.policy.Lookup;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lists of one API server, page by page and item by item: no more than one object is held at a time, and of one that the caller
 * has no use for, nothing but its bytes.
 */
final class ApiLists {

    /** How many objects to ask for at most, and while it is not known how large they are. */
    private static final int LARGEST_PAGE = 200;

    /** The API server holds a page whole, so one of large objects should have few of them. */
    private static final long PAGE_BYTES = 4 << 20;

    private static final int LEAST_PAGE = 10;

    private static final JsonMapper JSON = new JsonMapper();

    private final ApiReads api;

    ApiLists(ApiReads api) {
        this.api = api;
    }

    /** Takes the items of a list. */
    interface Items {
        /** Called before the first item; what came before it is void. */
        void begin();

        /** Whether {@link #take} has a use for an object, by its JSON; bytes behind {@code length} do not count. */
        default boolean wants(byte[] json, int length) {
            return true;
        }

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
        var limit = LARGEST_PAGE;
        do {
            var query = path + "?limit=" + limit + selector
                    + (next.isEmpty() ? "" : "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
            if (deadline.hasPassed()) {
                return Optional.of(late(resource, where));
            }
            var read = new ListItems((json, length) -> give(json, length, items, deadline));
            var answer = api.list(query, deadline, read);
            if (answer instanceof ApiReads.Answer.Gone && !next.isEmpty()) {
                return Optional.empty();
            }
            var page = page(answer, query, resource, where);
            if (!(page instanceof Lookup.Found<JsonNode> found)) {
                return Optional.of(page.map(none -> ""));
            }
            var metadata = found.value().path("metadata");
            version = metadata.path("resourceVersion").asString("");
            next = metadata.path("continue").asString("");
            limit = nextLimit(read, limit);
        } while (!next.isEmpty());
        return Optional.of(Lookup.found(version));
    }

    private static void give(byte[] json, int length, Items items, Deadline deadline) throws IOException {
        if (items.wants(json, length)) {
            var room = ReadBudget.ofProcess().room(length, deadline);
            try {
                items.take(tree(json, length));
            } finally {
                room.close();
            }
        }
    }

    private static JsonNode tree(byte[] json, int length) throws IOException {
        try {
            return JSON.readTree(json, 0, length);
        } catch (JacksonException garbage) {
            // Its message quotes the text.
            throw new ReceivedBody.NoJson();
        }
    }

    /** As many objects of the size of the last ones as a page should hold. */
    private static int nextLimit(ListItems page, int limit) {
        return page.count() == 0
                ? limit
                : (int) Math.max(LEAST_PAGE, Math.min(LARGEST_PAGE, PAGE_BYTES * page.count() / page.bytes()));
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
