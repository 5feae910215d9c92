// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.cluster;

import io.kmsguard.admission.AuditReport.Gap;
import io.kmsguard.admission.Deadline;
import io.kmsguard.admission.ListedSurroundings.Listed;
import io.kmsguard.policy.Lookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Lists over as many namespaces as an account may see: all at once where it may, else one after the other. What it may not see
 * is a gap and stops nothing. Not for many threads.
 */
final class VisibleLists {

    /** One list; a large cluster has hundreds of pages. */
    private static final Duration EACH = Duration.ofMinutes(5);

    private static final String ALL = "in all namespaces";

    /**
     * A kind of objects.
     *
     * @param prefix such as {@code apis/apps/v1/}
     * @param plural as in a path
     * @param words for messages
     * @param selector more of the query, with {@code &} before it; may be empty
     * @param wanted which objects are read at all
     */
    record Resource(String prefix, String plural, String words, String selector, KeptItems.Wanted wanted) {}

    private final ApiReads api;
    private final ApiLists lists;
    private final Optional<String> only;
    private final List<Gap> gaps = new ArrayList<>();
    private Optional<Lookup<List<String>>> namespaces = Optional.empty();
    private boolean isLimited;

    /** Lists of an API server; with a namespace, the others are looked at only where that is allowed. */
    VisibleLists(ApiReads api, Optional<String> only) {
        this.api = api;
        this.lists = new ApiLists(api);
        this.only = only;
    }

    /** What could not be listed so far. */
    List<Gap> gaps() {
        return gaps;
    }

    /** Whether all but the one namespace was out of sight for some list. */
    boolean isLimited() {
        return isLimited;
    }

    /**
     * One list, as far as it is visible.
     *
     * @param keep what to keep of an object, if anything; asked of it once more where the list begins again
     */
    <T> Listed<T> list(Resource resource, Function<JsonNode, Optional<T>> keep) {
        var probe = api.get(resource.prefix + resource.plural + "?limit=1" + resource.selector, Deadline.in(EACH));
        if (!(probe instanceof ApiReads.Answer.Forbidden)) {
            var all = list(resource, "", ALL, keep);
            if (all instanceof Lookup.Unknown<List<T>> unknown) {
                gap(resource.words, ALL, unknown.why());
            }
            return new Listed<>(all, any -> true, true);
        }
        var visible = only.map(name -> Lookup.found(List.of(name))).orElseGet(this::namespaces);
        if (visible instanceof Lookup.Found<List<String>> found) {
            isLimited |= only.isPresent();
            return oneByOne(resource, found.value(), keep);
        }
        var why = "this account may list neither " + resource.words + " nor namespaces " + ALL
                + " (403); grant it that, or name a namespace with -n";
        gaps.add(new Gap(resource.words + " " + ALL, why));
        return new Listed<>(
                Lookup.unknown(resource.words + " " + ALL + " could not be listed: " + why), n -> false, false);
    }

    private <T> Listed<T> oneByOne(Resource resource, List<String> names, Function<JsonNode, Optional<T>> keep) {
        Set<String> seen = new HashSet<>();
        var items = new ArrayList<T>();
        Optional<String> trouble = Optional.empty();
        for (var name : names) {
            var where = "in namespace " + name;
            var some = list(resource, "namespaces/" + name + "/", where, keep);
            if (some instanceof Lookup.Unknown<List<T>> unknown) {
                gap(resource.words, where, unknown.why());
                trouble = trouble.or(() -> Optional.of(unknown.why()));
            } else {
                items.addAll(some.toOptional().orElse(List.of()));
                seen.add(name);
            }
        }
        return new Listed<>(
                seen.isEmpty() && trouble.isPresent()
                        ? Lookup.unknown(trouble.get())
                        : Lookup.found(List.copyOf(items)),
                Set.copyOf(seen)::contains,
                false);
    }

    private void gap(String words, String where, String why) {
        var what = words + " " + where;
        gaps.add(new Gap(
                what, why.startsWith(what) ? why.substring(what.length()).strip() : why));
    }

    private <T> Lookup<List<T>> list(
            Resource resource, String scope, String where, Function<JsonNode, Optional<T>> keep) {
        var items = new KeptItems<>(resource.wanted, keep);
        return lists.each(
                        resource.prefix + scope + resource.plural,
                        resource.selector,
                        resource.words,
                        where,
                        Deadline.in(EACH),
                        items)
                .map(version -> items.kept());
    }

    /** Asked once; unknown where they may not be listed. */
    private Lookup<List<String>> namespaces() {
        if (namespaces.isEmpty()) {
            namespaces = Optional.of(list(
                    new Resource("api/v1/", "namespaces", "namespaces", "", KeptItems.ALL),
                    "",
                    "of the cluster",
                    item -> Optional.of(item.path("metadata").path("name").asString(""))));
        }
        return namespaces.get();
    }
}
