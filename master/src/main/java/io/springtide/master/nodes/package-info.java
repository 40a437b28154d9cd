/** The pools of machines that are ordered when nothing else has room, and given back when they are idle. */
@NullMarked
package io.springtide.master.nodes;

import org.jspecify.annotations.NullMarked;
