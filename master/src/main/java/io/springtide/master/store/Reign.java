package io.springtide.master.store;

import io.springtide.master.journal.Journal;

/**
 * The right to add facts until somebody else is elected.
 *
 * @param epoch higher than that of any reign before
 * @param journal takes batches of this epoch as long as no other reign has begun; after that every
 *        append fails, however late it comes. It is the store's to close
 */
public record Reign(long epoch, Journal journal) {}
