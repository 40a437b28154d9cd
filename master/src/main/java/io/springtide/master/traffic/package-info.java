/** Which instances serve what, who is told, and when one that is to end may end. */
@NullMarked
package io.springtide.master.traffic;

import org.jspecify.annotations.NullMarked;
