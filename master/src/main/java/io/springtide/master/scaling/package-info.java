/** Has policies decide how many instances apps are to have, by what is measured, while this master leads. */
@NullMarked
package io.springtide.master.scaling;

import org.jspecify.annotations.NullMarked;
