/** Facts and leadership in an etcd cluster. */
@NullMarked
package io.springtide.master.store.etcd;

import org.jspecify.annotations.NullMarked;
