DROP INDEX traces_attributes_idx;
