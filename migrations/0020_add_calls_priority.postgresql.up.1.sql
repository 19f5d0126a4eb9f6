CREATE TYPE call_priority AS ENUM ('low', 'normal');
