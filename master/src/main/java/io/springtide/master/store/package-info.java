/** Where facts and leadership live; one implementation for each kind of store. */
@NullMarked
package io.springtide.master.store;

import org.jspecify.annotations.NullMarked;
