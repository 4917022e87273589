-- What a token may do. Those made before could do everything.
ALTER TABLE api_token ADD COLUMN role TEXT NOT NULL DEFAULT 'owner' CHECK (role IN ('owner', 'viewer'));

-- Where a session was begun, so that its owner recognises it in a list. Those begun before say nothing.
ALTER TABLE web_session ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE web_session ADD COLUMN agent   TEXT NOT NULL DEFAULT '';  -- what the browser calls itself, cut short
