package io.springtide.master.http;

import java.util.HexFormat;
import java.util.List;

/**
 * Lets a client ask for what it has only if it has changed. Weak, since it is the same for an answer that is
 * squeezed and one that is not. The epoch is part of it: another reign counts revisions anew.
 */
final class Etag {

    private final String text;

    private Etag(String text) {
        this.text = text;
    }

    /** Of what stays as it is for as long as a revision does. */
    static Etag of(Backend backend, long revision) {
        return new Etag("W/\"" + Long.toHexString(backend.status().epoch()) + "-"
                + Long.toHexString(revision) + "\"");
    }

    /** Of some apps: which they are, and each one's revision. */
    static Etag of(Backend backend, List<AppReads.Entry> entries) {
        long hash = entries.size();
        for (AppReads.Entry entry : entries) {
            hash = mixed(hash * 31 + entry.id().path().hashCode());
            hash = mixed(hash * 31 + entry.revision());
        }
        return new Etag("W/\"" + Long.toHexString(backend.status().epoch()) + "-s"
                + HexFormat.of().toHexDigits(hash) + "\"");
    }

    /** Spreads each bit over all. Source: the finalizer of SplitMix64. */
    private static long mixed(long value) {
        long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /** Names the answer; and if that is the one which the client has, it is told so, and that is all. */
    boolean answers(Exchange x) {
        x.response().putHeader("ETag", text).putHeader("Vary", "Accept-Encoding");
        String known = x.request().getHeader("If-None-Match");
        if (known == null) {
            return false;
        }
        for (String one : known.split(",", -1)) {
            String tag = one.strip();
            if (tag.equals("*") || tag.equals(text) || ("W/" + tag).equals(text)) {
                x.empty(304);
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return text;
    }
}
