/** Holds the pages people read to what the hub does: blocks, links, commands, the reference, the table of proofs. */
package dev.serai.docs;
