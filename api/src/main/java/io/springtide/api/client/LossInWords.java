package io.springtide.api.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/** An answer whose connection may break: that is then told apart from trouble with a file of one's own. */
final class LossInWords extends FilterInputStream {
    private final Function<IOException, TideException> words;

    LossInWords(InputStream in, Function<IOException, TideException> words) {
        super(in);
        this.words = words;
    }

    @Override
    public int read() {
        try {
            return super.read();
        } catch (IOException broken) {
            throw words.apply(broken);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        try {
            return super.read(bytes, offset, length);
        } catch (IOException broken) {
            throw words.apply(broken);
        }
    }
}
