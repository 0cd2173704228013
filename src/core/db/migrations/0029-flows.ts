/** What went through network and disk, bytes a second, beside the rest of a minute and an hour. NULL: not measured. */
export const flows = `
ALTER TABLE resource_minutes ADD COLUMN received REAL;
ALTER TABLE resource_minutes ADD COLUMN sent REAL;
ALTER TABLE resource_minutes ADD COLUMN disk_read REAL;
ALTER TABLE resource_minutes ADD COLUMN disk_written REAL;
ALTER TABLE resource_hours ADD COLUMN received REAL;
ALTER TABLE resource_hours ADD COLUMN sent REAL;
ALTER TABLE resource_hours ADD COLUMN disk_read REAL;
ALTER TABLE resource_hours ADD COLUMN disk_written REAL;
`;
