package io.springtide.master.store;

/** Opens stores. */
public final class Stores {

    private Stores() {}

    public static Store open(StoreUri uri) {
        return FileStore.open(uri.folder());
    }
}
