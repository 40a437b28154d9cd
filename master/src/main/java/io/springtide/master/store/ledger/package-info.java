/** The journal on a store that several masters share. */
@NullMarked
package io.springtide.master.store.ledger;

import org.jspecify.annotations.NullMarked;
