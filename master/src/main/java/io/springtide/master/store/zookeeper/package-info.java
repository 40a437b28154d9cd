/** Facts and leadership in a ZooKeeper ensemble. */
@NullMarked
package io.springtide.master.store.zookeeper;

import org.jspecify.annotations.NullMarked;
