/** Text as the index and the search box both see it, so that a word is found however it was typed. */
