-- When a notice was stopped, for whoever reads later why somebody heard nothing.
ALTER TABLE notifications.notices ADD COLUMN stopped_at timestamptz;
