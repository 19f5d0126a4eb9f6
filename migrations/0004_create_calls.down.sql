-- Each dialect has its own way up; this way down serves all of them.
DROP TABLE calls;
