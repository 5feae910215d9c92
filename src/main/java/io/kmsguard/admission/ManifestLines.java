// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Where each value of one object stands in its file: one number a value, in the order of the tree, since there are
 * thousands of objects and few are asked about.
 */
public final class ManifestLines {

    private final JsonNode root;
    private final int[] lines;
    private final int offset;
    private final String pointer;

    private ManifestLines(JsonNode root, int[] lines, int offset, String pointer) {
        this.pointer = pointer;
        this.root = root;
        this.lines = lines;
        this.offset = offset;
    }

    /**
     * The lines of a tree.
     *
     * @param lines of each value, parents before children, of an object's entry the line of its key
     */
    static ManifestLines of(JsonNode root, int[] lines) {
        return new ManifestLines(root, lines, 0, "");
    }

    /** Where the object stands in its document, as a JSON pointer; empty where it is the document. */
    String pointer() {
        return pointer;
    }

    /** The line of the object itself, counted from 1. */
    public int first() {
        return lines[offset];
    }

    /**
     * The line of a value, counted from 1; of what is not there, because it was added later, the line of the nearest value
     * around it.
     *
     * @param pointer a JSON pointer (RFC 6901); empty for the object itself
     */
    public int line(String pointer) {
        if (isIn(pointer, "/data") && !root.has("data")) {
            // The API server folds stringData of a Secret into data.
            return lines[descend("/stringData" + pointer.substring("/data".length())).offset];
        }
        return lines[descend(pointer).offset];
    }

    /** The lines of a part of the tree, or of the nearest value around it. */
    ManifestLines at(String pointer) {
        return descend(pointer);
    }

    /** The lines of each entry of a list, at the cost of one walk: a list may hold thousands of objects. */
    List<ManifestLines> entries() {
        var entries = new ArrayList<ManifestLines>(root.size());
        var at = offset + 1;
        for (var i = 0; i < root.size(); i++) {
            entries.add(new ManifestLines(root.get(i), lines, at, pointer + "/" + i));
            at += size(root.get(i));
        }
        return entries;
    }

    private ManifestLines descend(String pointer) {
        var here = this;
        if (pointer.isEmpty()) {
            return here;
        }
        for (var part : pointer.substring(1).split("/", -1)) {
            var next = here.child(part.replace("~1", "/").replace("~0", "~"), here.pointer + "/" + part);
            if (next == here) {
                break;
            }
            here = next;
        }
        return here;
    }

    /** One level down, or the same where there is no such child. */
    private ManifestLines child(String name, String pointerOfChild) {
        var at = offset + 1;
        if (root.isObject()) {
            for (var entry : root.properties()) {
                if (entry.getKey().equals(name)) {
                    return new ManifestLines(entry.getValue(), lines, at, pointerOfChild);
                }
                at += size(entry.getValue());
            }
        } else {
            for (var i = 0; i < root.size(); i++) {
                if (String.valueOf(i).equals(name)) {
                    return new ManifestLines(root.get(i), lines, at, pointerOfChild);
                }
                at += size(root.get(i));
            }
        }
        return this;
    }

    private static int size(JsonNode node) {
        var size = 1;
        for (var child : node) {
            size += size(child);
        }
        return size;
    }

    private static boolean isIn(String pointer, String parent) {
        return pointer.equals(parent) || pointer.startsWith(parent + "/");
    }
}
