package io.springtide.master.http;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** {@code {"name":[piece,piece,...]}}, from pieces that are looked up when their turn comes. */
final class PieceList implements Iterator<Piece> {

    private final Iterator<Optional<Piece>> each;
    private final Piece comma;
    private final Piece end;
    private final ArrayDeque<Piece> next = new ArrayDeque<>();
    private boolean any;
    private boolean over;

    /** What {@code each} has nothing for is left out. */
    PieceList(String name, boolean packed, Iterator<Optional<Piece>> each) {
        this.each = each;
        comma = Piece.literal(",", packed);
        end = Piece.literal("]}", packed);
        next.add(Piece.literal("{\"" + name + "\":[", packed));
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty() && !over) {
            if (!each.hasNext()) {
                over = true;
                next.add(end);
                break;
            }
            each.next().ifPresent(piece -> {
                if (any) {
                    next.add(comma);
                }
                next.add(piece);
                any = true;
            });
        }
        return !next.isEmpty();
    }

    @Override
    public Piece next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the list has ended");
        }
        return next.removeFirst();
    }
}
