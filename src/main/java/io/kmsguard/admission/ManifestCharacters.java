// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.admission;

import java.io.Reader;
import java.util.Arrays;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * The characters of one document, all at hand. SnakeYAML's own reader copies what it has on each kilobyte that it reads,
 * which takes the square of the longest value.
 */
final class ManifestCharacters extends StreamReader {

    /** A byte order mark takes no column. */
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private final int[] points;
    private int pointer;
    private int line;
    private int column;

    private ManifestCharacters(int[] points) {
        super(Reader.nullReader());
        this.points = points;
    }

    /** Refuses control characters, which YAML does not allow. */
    static ManifestCharacters of(String text, ManifestTree.Builder builder) throws UnreadableManifest {
        var points = text.codePoints().toArray();
        for (var i = 0; i < points.length; i++) {
            if (!isPrintable(points[i])) {
                var line =
                        (int) Arrays.stream(points, 0, i).filter(c -> c == '\n').count();
                throw builder.unreadable(line, "it has a control character that YAML does not allow");
            }
        }
        return new ManifestCharacters(points);
    }

    @Override
    public Mark getMark() {
        return new Mark("", pointer, line, column, points, pointer);
    }

    @Override
    public void forward() {
        forward(1);
    }

    @Override
    public void forward(int length) {
        var end = Math.min(points.length, pointer + length);
        while (pointer < end) {
            var point = points[pointer++];
            if (isLineBreak(point)) {
                line++;
                column = 0;
            } else if (point != BYTE_ORDER_MARK) {
                column++;
            }
        }
    }

    /** YAML 1.1's line breaks; of CR and LF together, the LF. */
    private boolean isLineBreak(int point) {
        return point == '\n'
                || point == 0x85
                || point == 0x2028
                || point == 0x2029
                || (point == '\r' && peek() != '\n' && pointer < points.length);
    }

    @Override
    public int peek() {
        return peek(0);
    }

    @Override
    public int peek(int index) {
        return pointer + index < points.length ? points[pointer + index] : 0;
    }

    @Override
    public String prefix(int length) {
        return new String(points, pointer, Math.min(length, points.length - pointer));
    }

    /** The caller knows that there is no line break in it. */
    @Override
    public String prefixForward(int length) {
        var prefix = prefix(length);
        pointer += length;
        column += length;
        return prefix;
    }

    @Override
    public int getColumn() {
        return column;
    }

    @Override
    public int getLine() {
        return line;
    }

    @Override
    public int getIndex() {
        return pointer;
    }

    /** How far it came in this document; there is only one. */
    @Override
    public int getDocumentIndex() {
        return pointer;
    }

    @Override
    public void resetDocumentIndex() {
        // Only for the size limit of one document among several.
    }
}
