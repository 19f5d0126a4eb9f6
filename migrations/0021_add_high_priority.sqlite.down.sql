UPDATE calls SET priority = 'normal' WHERE priority = 'high';
